// DER

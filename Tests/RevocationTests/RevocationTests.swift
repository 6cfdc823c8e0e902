// Revocation

// IGCSante

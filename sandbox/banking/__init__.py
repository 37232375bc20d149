"""Central bank, institutions, liquidity, faults and the days: few, varied processes that change the rules of play."""

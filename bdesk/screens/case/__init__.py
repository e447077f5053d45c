"""The case: customer, order and clocks; the procedure walked step by step; notes and timeline."""

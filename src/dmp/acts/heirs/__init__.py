"""After a death: what heirs ask for, what an officer decides, what is given out."""

"""What a holder chooses for her own pages, and what prevention is offered to her."""

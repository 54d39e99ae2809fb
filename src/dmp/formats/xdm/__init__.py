"""IHE XDM: documents on a medium, with their metadata, as they are carried on a USB key.

Source: IHE ITI TF-2 3.32 (Distribute Document Set on Media).
"""

"""What can be done here: one file per act, and the corridor through which every act goes."""

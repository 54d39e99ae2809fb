"""Those who act for the holder, or help him: parents, judge-named guardians, carers."""

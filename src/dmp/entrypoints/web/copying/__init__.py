"""Download everything: a zip for a USB key, with an offline site that any browser opens."""

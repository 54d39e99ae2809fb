"""The web door: French pages, server-rendered, whole without JavaScript. See README.md."""

"""The views: parse, then perform or select and present, then render. They write nothing themselves."""

"""Knowledge tables: CSV and YAML files written by the project, loaded once and checked."""

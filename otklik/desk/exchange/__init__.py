"""What pages of «Обмен» share: who may, the form of a table, facts in words."""

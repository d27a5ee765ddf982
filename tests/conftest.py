"""What the whole suite shares. The database comes from the plugin `launch.testing`, before the settings are read."""

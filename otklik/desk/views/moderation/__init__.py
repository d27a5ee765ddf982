"""The pages of «Модерация»."""

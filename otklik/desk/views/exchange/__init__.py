"""Pages of «Обмен»: tables of incidents that leave, tables that come, the history that came."""

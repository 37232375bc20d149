"""The regulator: rules that begin or change while a run goes on."""

"""What was found, in sentences that know no page: pages and exports say them alike."""

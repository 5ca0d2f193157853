"""What people take away: pictures, tables, pages. One file a format; none of them computes anything new."""

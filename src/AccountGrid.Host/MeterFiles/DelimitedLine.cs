namespace AccountGrid.Host.MeterFiles;

/// <summary>Takes a line of a delimited file apart. No field holds a line break, so that a stray quotation mark costs its own row alone.</summary>
/// <param name="quote">What encloses a field that holds the delimiter, doubled within one; null is none.</param>
internal sealed class DelimitedLine(char delimiter, char? quote)
{
    /// <summary>The fields, trimmed; null where a quotation mark neither encloses a field nor is doubled within one.</summary>
    public List<string>? Split(string line)
    {
        var fields = new List<string>();
        for (var at = 0; at <= line.Length;)
        {
            var start = at;
            while (start < line.Length && line[start] == ' ' && line[start] != delimiter)
            {
                start++;
            }

            if (quote is { } mark && start < line.Length && line[start] == mark)
            {
                if (Quoted(line, start + 1, mark) is not { } quoted)
                {
                    return null;
                }

                fields.Add(quoted.Text);
                at = quoted.Next;
            }
            else
            {
                var end = line.IndexOf(delimiter, at);
                var field = line.AsSpan(at, (end < 0 ? line.Length : end) - at).Trim();
                if (quote is { } stray && field.Contains(stray))
                {
                    return null;
                }

                fields.Add(field.ToString());
                at = end < 0 ? line.Length + 1 : end + 1;
            }
        }

        return fields;
    }

    private (string Text, int Next)? Quoted(string line, int at, char mark)
    {
        var text = new System.Text.StringBuilder();
        while (true)
        {
            var end = line.IndexOf(mark, at);
            if (end < 0)
            {
                return null;
            }

            text.Append(line, at, end - at);
            if (end + 1 < line.Length && line[end + 1] == mark)
            {
                text.Append(mark);
                at = end + 2;
                continue;
            }

            var next = end + 1;
            while (next < line.Length && line[next] == ' ' && line[next] != delimiter)
            {
                next++;
            }

            return next == line.Length ? (text.ToString().Trim(), line.Length + 1)
                : line[next] == delimiter ? (text.ToString().Trim(), next + 1)
                : null;
        }
    }
}

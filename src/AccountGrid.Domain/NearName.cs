namespace AccountGrid.Domain;

/// <summary>Which of the names that are known somebody has probably meant who wrote one that is not.</summary>
public static class NearName
{
    /// <summary>Most characters that are wrong, missing, too many or swapped in a name that was meant.</summary>
    private const int EditsMax = 2;

    /// <summary>A name has this many characters at least for each that is wrong: of short names others are as near.</summary>
    private const int CharactersPerEdit = 3;

    /// <summary>Longest name that is compared, characters: none that is known is longer.</summary>
    private const int LengthMax = 64;

    /// <summary>The known name that is nearest, whatever its case; null where none is near, or two are as near.</summary>
    public static string? Of(string given, IEnumerable<string> known)
    {
        if (given.Length > LengthMax)
        {
            return null;
        }

        var edits = Math.Min(EditsMax, given.Length / CharactersPerEdit);
        var near = known.Select(k => (Name: k, Edits: EditsBetween(given.ToLowerInvariant(), k.ToLowerInvariant())))
            .Where(k => k.Edits <= edits).OrderBy(k => k.Edits).Take(2).ToList();
        return near.Count == 1 || (near.Count == 2 && near[0].Edits < near[1].Edits) ? near[0].Name : null;
    }

    /// <summary>The words that name it, with a space before them; nothing where none is near.</summary>
    public static string Asked(string given, IEnumerable<string> known) => Of(given, known) is { } meant ? $" did you mean {meant}?" : "";

    /// <summary>How many characters must be replaced, added, taken out or swapped with their neighbour (optimal string alignment).</summary>
    private static int EditsBetween(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > EditsMax)
        {
            return int.MaxValue;
        }

        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            d[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            d[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}

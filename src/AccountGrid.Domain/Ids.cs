namespace AccountGrid.Domain;

/// <summary>Ids that callers choose, of accounts, meters, gateways and tariffs: case-sensitive, usable as one segment of a URL's path as they are.</summary>
public static class Ids
{
    /// <summary>What an id is, as the end of a sentence "it is not ...".</summary>
    public static readonly string Right = $"1 to {Limits.IdMaxLength} visible ASCII characters without / \\ ? # %, and not . or ..";

    /// <summary>Whether a text can be an id. A dot or two alone are none: in a URL's path they mean a folder, and never arrive.</summary>
    public static bool IsValid(string? id) => id is { Length: > 0 and <= Limits.IdMaxLength } and not "." and not ".."
        && id.All(c => c is > ' ' and < (char)0x7f && !"/\\?#%".Contains(c, StringComparison.Ordinal));
}

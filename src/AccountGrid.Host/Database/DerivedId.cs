using System.Globalization;

namespace AccountGrid.Host.Database;

/// <summary>
/// Ids of messages and cases, as in <c>17:low-balance:3</c>: they begin with the number of their account, which tells the partition that keeps them.
/// </summary>
internal static class DerivedId
{
    /// <summary>The number of the account; 0, which no account has, where the text is no such id.</summary>
    public static int AccountOf(string id) =>
        id.IndexOf(':', StringComparison.Ordinal) is > 0 and var end
            && int.TryParse(id.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

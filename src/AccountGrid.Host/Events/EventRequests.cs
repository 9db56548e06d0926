using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Events;

/// <summary>What is asked for about events, checked.</summary>
internal static class EventRequests
{
    /// <param name="kinds">Names of kinds; none is all.</param>
    public static async Task<(EventFilter? Filter, Refusal? Refusal)> FilterAsync(IReadOnlyList<string> kinds, string? account, GridDirectory directory)
    {
        var unknown = kinds.FirstOrDefault(k => EventCatalog.Find(k) is null);
        if (unknown is not null)
        {
            return (null, new(EventRefusals.KindUnknown, $"kind: there is no kind '{unknown}'; GET /v1/events/kinds lists them."));
        }

        var address = account is null ? null : await directory.FindAccountAsync(account);
        if (account is not null && address is null)
        {
            return (null, new(AccountRefusals.Unknown, $"There is no account '{account}'."));
        }

        var asked = kinds.Distinct().Order(StringComparer.Ordinal).Select(k => EventCatalog.Find(k)!).ToList();
        return (asked.Count == 0 ? EventFilter.All with { Account = address } : new EventFilter(asked, address), null);
    }

    /// <summary>What the cursors of a filter's list are known by: where no kinds were named, every release knows them by the same.</summary>
    public static byte[] TagOf(Guid grid, EventFilter filter) =>
        Requests.HashOf(new object?[] { grid, filter.IsAll ? [] : filter.Kinds.Select(k => k.Name).ToArray(), filter.Account?.Id });
}

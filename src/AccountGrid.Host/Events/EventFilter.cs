using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Events;

/// <summary>Which events are asked for.</summary>
/// <param name="Kinds">Sorted by name.</param>
/// <param name="Account">Null is all accounts.</param>
/// <param name="IsAll">Whether every kind is asked for, those that a later release adds as well.</param>
internal sealed record EventFilter(IReadOnlyList<EventKind> Kinds, AccountAddress? Account, bool IsAll = false)
{
    public static EventFilter All { get; } = new(EventCatalog.Kinds, null, IsAll: true);

    /// <summary>Stored types that are looked at.</summary>
    public string[] Stored => [.. Kinds.Select(k => k.Stored).Distinct()];

    /// <summary>The kind of what is stored; null where it is none of those that are asked for.</summary>
    public EventKind? KindOf(string stored, object happened) => Kinds.FirstOrDefault(k => k.Stored == stored && k.IsOf(happened));
}

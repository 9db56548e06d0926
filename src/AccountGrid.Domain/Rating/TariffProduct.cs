using System.Collections.Concurrent;

namespace AccountGrid.Domain.Rating;

/// <summary>
/// A product: the versions of one tariff, each of which takes effect on its local day for every account that follows the product. Versions are added and
/// withdrawn while folds read. What holds on a day that has begun never changes, since a version is announced at least <see cref="Limits.TariffLeadDays"/> days
/// and withdrawn at least <see cref="Limits.TariffKnownMs"/> before its first day begins; for days to come a decision counts only what was known at its time in
/// the log, so that a replay decides the same.
/// </summary>
public sealed class TariffProduct
{
    private readonly Lock _change = new();

    /// <summary>The one that begins last first; of two that begin together the higher version.</summary>
    private volatile ProductVersion[] _versions = [];

    /// <summary>Versions that this build cannot use, by number, with their first day.</summary>
    private readonly ConcurrentDictionary<int, int> _unusable = new();

    public IReadOnlyList<ProductVersion> Versions => _versions;

    /// <summary>
    /// The version that is in force on a local day: of those that have begun by then the one that began last. Null where none has. Throws
    /// <see cref="InvariantBrokenException"/> where it is one that this build cannot use: no other price may take its place.
    /// </summary>
    /// <param name="asOfMs">Time in the log of what is decided, UTC ms; on a day that has begun by then it makes no difference.</param>
    public Tariff? VersionOn(int day, long asOfMs = long.MaxValue)
    {
        foreach (ref readonly var version in _versions.AsSpan())
        {
            if (version.FromDay <= day && version.HoldsAt(asOfMs))
            {
                CheckUsable(version.FromDay, day);
                return version.Tariff;
            }
        }

        CheckUsable(int.MinValue, day);
        return null;
    }

    /// <summary>The first day after a local day on which another version begins; <see cref="int.MaxValue"/> where none does.</summary>
    /// <inheritdoc cref="VersionOn" path="/param[@name='asOfMs']"/>
    public int NextDayAfter(int day, long asOfMs = long.MaxValue)
    {
        var next = int.MaxValue;
        foreach (ref readonly var version in _versions.AsSpan())
        {
            if (version.FromDay <= day)
            {
                break;
            }

            next = version.HoldsAt(asOfMs) ? version.FromDay : next;
        }

        foreach (var (_, fromDay) in _unusable)
        {
            next = fromDay > day ? Math.Min(next, fromDay) : next;
        }

        return next;
    }

    /// <summary>First day of a version by its number; null where it is not one of the product's.</summary>
    public int? FirstDayOf(int number)
    {
        foreach (ref readonly var version in _versions.AsSpan())
        {
            if (version.Tariff.Number == number)
            {
                return version.FromDay;
            }
        }

        return null;
    }

    /// <summary>Whether a version was withdrawn, as of a time in the log, UTC ms.</summary>
    public bool IsWithdrawn(Tariff tariff, long asOfMs = long.MaxValue)
    {
        foreach (ref readonly var version in _versions.AsSpan())
        {
            if (version.WithdrawnMs is { } withdrawn && asOfMs >= withdrawn && version.Tariff == tariff)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A version is stored that this build cannot use: from its first day on until another version begins there is no price.</summary>
    public void Block(int number, int fromDay) => _unusable[number] = fromDay;

    private void CheckUsable(int heldFromDay, int day)
    {
        foreach (var (number, fromDay) in _unusable)
        {
            if (fromDay <= day && fromDay > heldFromDay)
            {
                throw new InvariantBrokenException($"Stored tariff {number}, which is in force on {Instants.DayToText(day)}, cannot be used.");
            }
        }
    }

    internal void Add(Tariff tariff, long knownMs)
    {
        lock (_change)
        {
            _versions =
            [
                .. _versions.Append(new ProductVersion(tariff, tariff.FromDay, knownMs, null)).OrderByDescending(v => v.FromDay)
                    .ThenByDescending(v => v.Tariff.Definition.Version),
            ];
        }
    }

    /// <summary>Takes a version back before it begins. Once withdrawn, it stays so.</summary>
    public void Withdraw(Tariff tariff, long knownMs)
    {
        lock (_change)
        {
            _versions = [.. _versions.Select(v => v.Tariff == tariff && v.WithdrawnMs is null ? v with { WithdrawnMs = knownMs } : v)];
        }
    }
}

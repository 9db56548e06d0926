using AccountGrid.Domain;
using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Policies;

namespace AccountGrid.Host.Cases;

/// <summary>By which pack's calendar and in which zone the time of a case counts.</summary>
internal sealed class CaseCalendars(PolicyCatalog policies)
{
    /// <summary>The pack version that decided when the case was opened.</summary>
    public Policy Find(string stamp) => policies.All.FirstOrDefault(p => p.Stamp == stamp) ?? ForCurrency(null);

    /// <summary>
    /// The pack for a case that belongs to no account under a pack: the latest version of the first pack of the currency by name, else of the first of all.
    /// </summary>
    public Policy ForCurrency(string? currency)
    {
        var all = policies.All;
        return all.Where(p => p.Definition.Currency == currency).DefaultIfEmpty(all[0]).GroupBy(p => p.Definition.Id, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal).First().MaxBy(p => p.Definition.Version)!;
    }

    public static LocalCalendar CalendarOf(string zone) => LocalCalendar.Find(zone) ?? throw new InvariantBrokenException($"A case has the zone '{zone}'.");

    public WorkingTime Of(string stamp, string zone) => WorkingTime.Of(Find(stamp), CalendarOf(zone));
}

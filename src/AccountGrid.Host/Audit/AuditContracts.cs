using AccountGrid.Domain;
using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>Contracted capacities of an account as its events tell of them: the last one told about a day holds from that day on.</summary>
internal sealed class AuditContracts
{
    private readonly SortedDictionary<int, (long Milli, string Unit)> _told = [];

    public void Take(AccountEvent happened)
    {
        if (happened is AccountOpened { ContractedMilli: > 0 and var first } opened)
        {
            _told[opened.OpenedDay] = (first, opened.ContractedUnit ?? "");
        }
        else if (happened is ContractedCapacitySet set)
        {
            _told[set.FromDay] = (set.Milli, set.Unit ?? "");
        }
    }

    public IEnumerable<string> Differences(IEnumerable<ContractedSpan> kept)
    {
        var known = kept.ToDictionary(c => c.FromDay, c => (c.Milli, CapacityUnits.Text(c.Unit)));
        foreach (var day in known.Keys.Concat(_told.Keys).Distinct().Order())
        {
            if (known.GetValueOrDefault(day) != _told.GetValueOrDefault(day))
            {
                yield return $"its contracted capacity from {Instants.DayToText(day)} on is {Text(known.GetValueOrDefault(day))}, and events tell of "
                    + Text(_told.GetValueOrDefault(day));
            }
        }
    }

    private static string Text((long Milli, string Unit) contract) =>
        contract.Milli == 0 ? "none" : $"{CapacityDecisions.Text(contract.Milli)} {contract.Unit}".Trim();
}

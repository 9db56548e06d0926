using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Supply;

namespace AccountGrid.Domain.Fold;

/// <summary>What gateways and relays say: a planned cut is asked for and decided once more, a state is confirmed.</summary>
public sealed partial class PartitionFold
{
    private void Release(ReleaseCut command)
    {
        if (State.FindAccount(command.Account) is not { } account || account.Customer is not { } customer || PolicyOf(account, State.NowMs) is not { } policy)
        {
            Refuse("account.unknown", $"Account number {command.Account} has no workflow.");
            return;
        }

        var at = new Moment(account, customer, policy, State.NowMs, account.Calendar.DayOf(State.NowMs));
        if (customer.Supply.Relay != Relay.CutPlanned || customer.Supply.Sequence != command.Sequence)
        {
            Refuse("relay.superseded", $"sequence: {command.Sequence} is no planned cut any more.", account);
            return;
        }

        var result = Interlock.Evaluate(InterlockFactsOf(account, policy, at.Ms), policy, account.Calendar);
        result = Faults.Sabotage.CutWithoutInterlock ? result with { Go = true, Reasons = [] } : result;
        var expires = ExpiryOf(at);
        if (result.Go && expires - at.Ms < CutLeastMs)
        {
            result = result with { Go = false, Reasons = [new InterlockReason("interlock.hours_end", "The hours in which supply may be cut end before it could be carried out.")] };
        }

        Happened(account, new CutDecided(result.Go ? "released" : "refused", command.Sequence, result));
        if (result.Go)
        {
            customer.Supply.ExpiresMs = expires;
            Change(at, Relay.CutReleased, null);
            Command(at, turnsOn: false, "released", customer.Supply.ExpiresMs);
            Accept(account);
        }
        else
        {
            CallOff(at, "The interlock refused.", IsStopped(result));
            Refuse("relay.interlock", string.Join(" ", result.Reasons.Select(r => r.Detail)), account);
        }

        ScheduleNext(at);
        Settle(account);
    }

    /// <summary>A released cut is void after its minutes, and when the hours in which it may be carried out end.</summary>
    private static long ExpiryOf(in Moment at)
    {
        var (calendar, policy) = (at.Account.Calendar, at.Policy);
        var expires = Math.Min(at.Ms + CutExpiryMs, policy.CutHours.NextEnd(calendar, at.Ms));
        return at.Customer.Supply.Cause == CutCause.Exhausted && policy.FriendlyHours.FromMinute != policy.FriendlyHours.ToMinute
            ? Math.Min(expires, policy.FriendlyHours.NextBegin(calendar, at.Ms))
            : expires;
    }

    private void TakeRelayReport(ReportRelay command)
    {
        if (State.FindAccount(command.Account) is not { } account || account.Customer is not { } customer || PolicyOf(account, State.NowMs) is not { } policy)
        {
            Refuse("account.unknown", $"Account number {command.Account} has no workflow.");
            return;
        }

        var at = new Moment(account, customer, policy, State.NowMs, account.Calendar.DayOf(State.NowMs));
        var supply = customer.Supply;
        var expected = supply.Relay == Relay.Restoring;
        if (command.Sequence != supply.Sequence || supply.Relay is not (Relay.CutReleased or Relay.Restoring))
        {
            Refuse("relay.superseded", $"sequence: {command.Sequence} is not under way; the last is {supply.Sequence}.", account);
            return;
        }

        if (command.IsOn == expected && supply.Waiting.Remove(command.Meter))
        {
            if (supply.Waiting.Count == 0)
            {
                Confirm(at, command);
            }
            else
            {
                // The rest is still to come: who has answered is not asked again.
                _effects.Relays[(account.Number, supply.Sequence)] = new RelayEffect(
                    account.Number, supply.Sequence, expected, "released", _position, State.NowMs, supply.ExpiresMs, [.. supply.Waiting]);
            }
        }

        Accept(account);
        Advance(account, State.NowMs);
        Settle(account);
    }

    private void Confirm(in Moment at, ReportRelay command)
    {
        var (supply, overdue) = (at.Customer.Supply, at.Customer.Overdue);
        Command(at, supply.Relay == Relay.Restoring, "confirmed", supply.ExpiresMs);
        if (supply.Relay == Relay.Restoring)
        {
            Compensate(at);
            Change(at, Relay.On, null);
            (supply.Cause, supply.TamperSeen) = (CutCause.None, false);
            (overdue.LastNoticeId, overdue.LastNoticeDeliveredMs) = (null, 0);
            Notify(at, "supply-restored", FactsOf(at), holdsInQuietHours: false);
            return;
        }

        Change(at, Relay.Cut, null);
        if (supply.Cause == CutCause.Arrears)
        {
            Happened(at.Account, new StageEntered(overdue.Stage, Stage.Cut, overdue.OverdueDays(at.Today, at.Policy), overdue.UnpaidNano, at.Policy.Stamp));
            (overdue.Stage, overdue.StageDay) = (Stage.Cut, at.Today);
        }

        Notify(at, "supply-cut", SupplyCutFacts(at), holdsInQuietHours: false);
    }
}

using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Http;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Accounts;

/// <summary>Makes commands of what people decide about readings, and says what they come to before anything is done.</summary>
internal sealed class ReadingDecider(IGrainFactory grains)
{
    /// <summary>Local days that an estimate looks at before the reading, and behind it.</summary>
    private const int DaysBefore = (7 * Estimates.Weeks) + 2;
    private const int DaysBehind = 31;

    /// <summary>Stands for the second person where it is only asked what a decision would come to.</summary>
    private const string Anybody = "anybody";

    /// <summary>The command of a decision, with the value that it is about worked out; or what is wrong with it.</summary>
    /// <param name="row">The exception that it answers; null is none.</param>
    /// <param name="valueWh">The right value, for an edit.</param>
    public async Task<(DecideReading? Command, Refusal? Refusal)> CommandOfAsync(AccountAddress account, MeterAddress meter, long atMs, ExceptionRow? row,
        ReadingDecision decision, long? valueWh, string? method, long? seenWh, ReadingDecision over, string reason, string person)
    {
        if (row is { Register: (short)RegisterKind.Reactive })
        {
            return (null, new(DecisionRefusals.NotOfCode,
                "code, at: the exception is of 3.8.0, whose readings are not decided about. Adjust the balance, or assign the meter again with reactiveVarh."));
        }

        if (row is { Register: (short)RegisterKind.Export })
        {
            return (null, new(DecisionRefusals.NotOfCode,
                "code, at: the exception is of 2.8.0, whose readings are not decided about. Adjust the balance, or assign the meter again with exportWh."));
        }

        var about = row is null ? null : DecisionNames.OutcomeOf(row.Code);
        var isConflict = about == VeeOutcome.Conflict;
        var value = isConflict && decision is ReadingDecision.Accept or ReadingDecision.Dismiss ? row?.Value_Wh : valueWh;
        if (decision == ReadingDecision.Estimate)
        {
            if (!Requests.TryName<EstimateMethod>(method, out var known))
            {
                return (null, new(DecisionRefusals.Invalid, $"method: '{method}' is not interpolated, sameWeekdays, loadShape or lastYear."));
            }

            value = await EstimateAsync(meter.Id, account.Number, known, atMs);
            if (value is null)
            {
                return (null, new(DecisionRefusals.NoEstimate, $"method: the readings around {Instants.ToText(atMs)} do not tell a value by {method}."));
            }
        }

        var upTo = decision switch
        {
            ReadingDecision.Accept when !isConflict => await ShownAsync(account, meter, row, 1),
            ReadingDecision.SetBack => await ShownAsync(account, meter, row, 1),
            ReadingDecision.Rollover => ((await grains.Partition(account.Partition).Meter(meter.Number))?.RegisterWidthWh ?? 0)
                - await ShownAsync(account, meter, row, -1),
            _ => 0,
        };
        var isOfPoint = about is null or VeeOutcome.RegisterFell or VeeOutcome.Spike or VeeOutcome.GapTooLong or VeeOutcome.Gap;
        return (new DecideReading(account.Number, meter.Number, atMs, about, decision, seenWh ?? (isOfPoint ? row?.Value_Wh : null), over, value, upTo, method,
            reason, person), null);
    }

    /// <summary>What decisions of one account would come to, one after the other; nothing is changed.</summary>
    public async Task<IReadOnlyList<DecisionView>> PreviewAsync(int partition, IReadOnlyList<DecideReading> commands)
    {
        // How much one person may decide is asked for when it is done, not before.
        byte[][] asked = [.. commands.Select(c => (c with { ApprovedBy = Anybody }).ToBytes())];
        return await grains.Partition(partition).PreviewDecisions(commands[0].Account, asked) is { } views
            ? [.. views.Zip(commands, Judge)]
            : [.. commands.Select(_ => new DecisionView(AccountRefusals.Unknown, "The account is not open.", 0, 0, 0, 0, 0, false))];
    }

    /// <summary>Carries a decision out, once per key.</summary>
    public Task<OutcomeView> ExecuteAsync(string account, DecideReading command, string key) =>
        grains.Account(account).Execute(command.ToBytes(), $"reading-decision:{command.Account}:{key}", Requests.HashOf(command));

    public static DecisionAnswer AnswerOf(string meter, string? account, DecideReading c, DecisionView view, bool dryRun) => view.Code is not null
        ? new(meter, account, c.About?.Code().Text, Instants.ToInstant(c.AtMs), DecisionNames.Of(c.Decision), dryRun, null, null, null, null,
            new DecisionError(view.Code, view.Detail ?? ""))
        : new(meter, account, c.About?.Code().Text, Instants.ToInstant(c.AtMs), DecisionNames.Of(c.Decision), dryRun, view.ToWh, view.ChargedWh, view.HeldWh,
            new Money(view.ChargeNano).ToString());

    /// <summary>A decision about a difference that would free nothing is none: it is not held any longer, or cannot be charged even so.</summary>
    private static DecisionView Judge(DecisionView view, DecideReading c) =>
        view is { Code: null, HeldWh: 0, Repeats: false } && c.Decision is ReadingDecision.Accept or ReadingDecision.Rollover or ReadingDecision.SetBack
            && c.About is VeeOutcome.Spike or VeeOutcome.GapTooLong or VeeOutcome.RegisterFell
            ? new DecisionView(DecisionRefusals.StillHeld,
                $"at: of the difference up to {Instants.ToText(c.AtMs)} nothing is held that {DecisionNames.Of(c.Decision)} would free: look at it again.",
                0, 0, 0, 0, 0, false)
            : view;

    /// <summary>What the register shows of energy that is held, without its sign.</summary>
    /// <param name="rounding">Where there are transformers, energy is rounded down: 1 is the most that the register can show of it, -1 the least.</param>
    private async Task<long> ShownAsync(AccountAddress account, MeterAddress meter, ExceptionRow? row, int rounding)
    {
        var held = Math.Abs(row?.Held_Wh ?? 0);
        return await grains.Partition(account.Partition).Meter(meter.Number) is { } view
            && MeterRatios.At(view, row?.Reading_Ms ?? 0) is var ratio and not MeterRating.One
            ? (long)((((Int128)held + rounding) * MeterRating.One + (rounding > 0 ? ratio - 1 : 0)) / ratio)
            : held;
    }

    private async Task<long?> EstimateAsync(string meter, int account, EstimateMethod method, long atMs)
    {
        var day = DateOnly.FromDateTime(Instants.ToInstant(atMs).UtcDateTime).DayNumber;
        var days = await grains.GetGrain<IMeterGrain>(meter).Days(day - Math.Max(DaysBefore, Estimates.DaysBefore(method, 0)), day + DaysBehind);
        List<Point> points =
        [
            .. days.Where(d => d.Account == account && d.Register == (int)RegisterKind.Import).SelectMany(d => d.Points)
                .Where(p => ((ReadingQuality)p.Quality & ReadingQuality.PassedOver) == 0)
                .Select(p => new Point(p.TimeMs, p.ValueWh)).OrderBy(p => p.TimeMs),
        ];
        return Estimates.Of(method, points, atMs);
    }
}

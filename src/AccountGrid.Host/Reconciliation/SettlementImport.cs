using System.Globalization;
using System.Security.Cryptography;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.Reconciliation;

/// <summary>Imports settlement files of channels: whole or not at all, and each once, by its content.</summary>
internal sealed class SettlementImport(PaymentChannelCatalog channels, SettlementStore store, Reconciliations reconciliations, TimeProvider time)
{
    /// <summary>Imports a file and reconciles its days. What is wrong is either a refusal or a list of errors, and nothing was taken then.</summary>
    /// <param name="isRows">The bytes are JSON rows and not a file of the channel's mapping.</param>
    /// <param name="by">Who sent it: the channel's key, or a person.</param>
    public async Task<(SettlementAnswer? Answer, IReadOnlyList<SettlementError> Errors, Refusal? Refusal)> ImportAsync(
        string channel, byte[] bytes, bool isRows, SettlementDeclaration declared, string by)
    {
        var hash = SHA256.HashData(bytes);
        if (await store.FindAsync(channel, hash) is { } before)
        {
            return (before, [], null);
        }

        var (d, refusal) = await DefinitionAsync(channel, declared.BusinessDay, isRows);
        if (refusal is not null)
        {
            return (null, [], refusal);
        }

        var target = TargetOf(d!);
        var reading = isRows ? SettlementReader.ReadRows(bytes, target) : SettlementReader.Read(bytes, d!.Settlement!, target);
        if (reading.Content is not { } content)
        {
            return (null, reading.Errors, null);
        }

        var errors = Check(content, declared, target);
        if (errors.Count > 0)
        {
            return (null, errors, null);
        }

        var answer = await store.AddAsync(AnswerOf(channel, hash, content, declared), hash, content.Lines, by);
        if (answer.FirstDay is { } first && answer.LastDay is { } last)
        {
            await reconciliations.RefreshAsync(d!, first.AddDays(-Reconciliations.DaysBeside), last.AddDays(Reconciliations.DaysBeside));
        }

        return (answer, [], null);
    }

    public static SettlementTarget TargetOf(PaymentChannelDefinition d) =>
        new(d.Currency, LocalCalendar.Find(d.Zone)!, PaymentChannelRules.CutOffMinute(d.CutOff)!.Value);

    /// <summary>The configuration under which a file is read: that of the day it is for, or of now.</summary>
    private async Task<(PaymentChannelDefinition? Channel, Refusal? Refusal)> DefinitionAsync(
        string channel, DateOnly? day, bool isRows)
    {
        var now = time.GetUtcNow();
        var at = day is { } d ? new DateTimeOffset(d.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero) : now;
        if (await channels.FindAsync(channel, at < now ? at : now) is not { } found)
        {
            return (null, new(PaymentChannelRefusals.Unknown, $"No version of channel '{channel}' is in force."));
        }

        return found.Settlement is null && !isRows
            ? (null, new(SettlementRefusals.MappingMissing, $"Channel '{channel}' has no settlement mapping; register a version with 'settlement' first."))
            : (found, null);
    }

    /// <summary>Compares what the sender declares with what the file has.</summary>
    private static List<SettlementError> Check(SettlementContent content, SettlementDeclaration declared, SettlementTarget target)
    {
        var b = new SettlementBuilder(content.Format, target, null);
        if (declared.Count is { } count)
        {
            b.Declare(0, "count", count.ToString(CultureInfo.InvariantCulture), NumberForm.Plain, content.Lines.Count, "the count of lines");
        }

        var (payments, refunds) = (Sum(content, SettlementLineKind.Payment), Sum(content, SettlementLineKind.Refund));
        if (declared.Amount is { } amount)
        {
            b.Declare(0, "amount", amount, NumberForm.Plain, payments - refunds, "payments less refunds");
        }

        if (declared.Fees is { } fees)
        {
            b.Declare(0, "fees", fees, NumberForm.Plain, FeesOf(content), "the sum of the fees");
        }

        if (declared.Net is { } net)
        {
            b.Declare(0, "net", net, NumberForm.Plain, payments - refunds - FeesOf(content), "payments less refunds and fees");
        }

        if (content.Lines.Count == 0 && declared.BusinessDay is null)
        {
            b.Wrong(0, "businessDay", null, "the day that a file without lines is for");
        }

        return b.Errors;
    }

    private static SettlementAnswer AnswerOf(string channel, byte[] hash, SettlementContent content, SettlementDeclaration declared)
    {
        var days = content.Lines.Select(l => l.BusinessDay).Concat(declared.BusinessDay is { } d ? [d] : []).ToList();
        return new(
            DistinctLine.KeyOf($"{channel}|{Convert.ToHexString(hash)}"), channel, declared.FileId, content.Format, content.Currency,
            days.Count == 0 ? null : days.Min(), days.Count == 0 ? null : days.Max(), content.Lines.Count,
            content.Lines.Count(l => l.Kind == SettlementLineKind.Payment), SettlementBuilder.Shown(Sum(content, SettlementLineKind.Payment)),
            content.Lines.Count(l => l.Kind == SettlementLineKind.Refund), SettlementBuilder.Shown(Sum(content, SettlementLineKind.Refund)),
            SettlementBuilder.Shown(FeesOf(content)),
            SettlementBuilder.Shown(Sum(content, SettlementLineKind.Payment) - Sum(content, SettlementLineKind.Refund) - FeesOf(content)), declared.BankRef,
            [.. content.Passed.Select(p => $"line {p.Line}: {p.Why}")],
            [.. content.Declared.Select(t => $"line {t.Line}: {t.Name} {SettlementBuilder.Shown(t.Value)}")]);
    }

    private static decimal Sum(SettlementContent content, SettlementLineKind kind) =>
        content.Lines.Where(l => l.Kind == kind).Sum(l => SettlementBuilder.ValueOf(l.Amount));

    private static decimal FeesOf(SettlementContent content) =>
        content.Lines.Sum(l => SettlementBuilder.ValueOf(l.Fee)) + Sum(content, SettlementLineKind.Fee);
}

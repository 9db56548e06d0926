using System.Security.Cryptography;
using System.Text;
using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.State;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Policies;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Complaints;

/// <summary>
/// Files and decides complaints. The register has the words and the clocks; the account's log has the case and, for a grievance, the hold. The register is
/// written first, the log under a key made of the complaint's id, and <see cref="ComplaintBookkeeper"/> ends what was left between the two.
/// </summary>
internal sealed class ComplaintRegister(
    ComplaintStore store, GridDirectory directory, IGrainFactory grains, PolicyCatalog policies, PersonalData personal, TimeProvider time)
{
    private const int IdBytes = 16;

    /// <summary>Files a complaint once for a key.</summary>
    /// <param name="channel">The payment channel that it is about; null is none.</param>
    /// <param name="source"><c>customer</c>, <c>staff</c> or <c>survey</c>.</param>
    public async Task<(ComplaintRow? Row, Refusal? Refusal)> FileAsync(
        string account, ComplaintTopic topic, string source, string text, string? channel, string filedBy, string key)
    {
        if (await directory.FindAccountAsync(account) is not { } address || await grains.Account(account).Get() is not { } view)
        {
            return (null, new Refusal(AccountRefusals.Unknown, $"There is no account '{account}'."));
        }

        var policy = await grains.Partition(address.Partition).Workflow(address.Number) is { } workflow
            ? policies.All.FirstOrDefault(p => p.Stamp == workflow.Policy)
            : null;
        if (policy is null)
        {
            return (null, new Refusal(CustomerRefusals.NoPolicy, "The account is under no policy pack: set its customer first."));
        }

        var now = time.GetUtcNow();
        var clocks = ComplaintClocks.Of(DayOf(now, view.Zone), policy);
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{account}\n{key}")).AsSpan(0, IdBytes));
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{topic}\n{source}\n{text}" + (channel is null ? "" : $"\n{channel}")));
        var row = await store.AddAsync(new(
            address.Partition, id, address.Number, account, topic, source, Seal(text), hash, filedBy, now, view.Zone,
            DateOnly.FromDayNumber(clocks.ContactDay), DateOnly.FromDayNumber(clocks.AnswerDay))
        {
            Channel = channel,
        });
        return row.BodyHash.AsSpan().SequenceEqual(hash)
            ? await OpenAsync(row)
            : (null, new Refusal(RequestRefusals.IdempotencyKeyReused, "Idempotency-Key: it was used for another complaint of this account."));
    }

    /// <summary>Says that somebody has spoken with who complained; the first word counts.</summary>
    public async Task<ComplaintRow> ContactAsync(ComplaintRow row, string by, string? note)
    {
        await store.ContactedAsync(row, by, time.GetUtcNow(), Seal(note ?? ""));
        return (await store.FindAsync(row.Partition, row.Id))!;
    }

    /// <summary>Decides a complaint. The same outcome again is the same decision; another is refused.</summary>
    public async Task<(ComplaintRow? Row, Refusal? Refusal)> ResolveAsync(ComplaintRow row, ComplaintOutcome outcome, string by, string? note)
    {
        await store.DecideAsync(row, outcome, by, time.GetUtcNow(), Seal(note ?? ""));
        var decided = (await store.FindAsync(row.Partition, row.Id))!;
        if (decided.Outcome != outcome)
        {
            return (null, new Refusal(CustomerRefusals.ComplaintResolved, $"Complaint '{row.Id}' was decided already: {NameOf(decided.Outcome)}."));
        }

        await EndAsync(decided);
        return (await store.FindAsync(row.Partition, row.Id), null);
    }

    /// <summary>Brings a complaint of the register into the account's log, or what was decided of it.</summary>
    public async Task EndAsync(ComplaintRow row)
    {
        if (row.State == "new")
        {
            await OpenAsync(row);
        }
        else if (row.State == "deciding")
        {
            await ExecuteAsync(row, "resolve", new ResolveComplaint(row.Account, row.Id, row.Topic, row.Outcome!.Value, row.ResolvedBy!));
            await store.ResolvedAsync(row);
        }
    }

    /// <summary>Marks a complaint whose clock has run out.</summary>
    /// <returns>Whether it went up.</returns>
    public async Task<bool> EscalateAsync(ComplaintRow row)
    {
        var level = row.Clocks.EscalationOn(DayOf(time.GetUtcNow(), row.Zone), row.ContactedAt is not null, row.State != "open");
        return level > row.Escalation && await store.EscalateAsync(row, level) == 1;
    }

    public ComplaintAnswer Show(ComplaintRow row) => new(
        row.Id, row.AccountId, NameOf(row.Topic), row.Source, Unseal(row.Text), row.Topic.IsGrievance(), row.FiledAt, row.Zone, row.ContactDue, row.AnswerDue,
        row.ContactedAt, NameOf(row.Escalation), row.State is "open" or "new" ? "open" : "resolved", row.Outcome is { } o ? NameOf(o) : null, row.ResolvedAt,
        row.Channel);

    private async Task<(ComplaintRow? Row, Refusal? Refusal)> OpenAsync(ComplaintRow row)
    {
        if (row.State != "new")
        {
            return (row, null);
        }

        var outcome = await ExecuteAsync(row, "file", new FileComplaint(row.Account, row.Id, row.Topic));
        if (outcome.Accepted)
        {
            await store.OpenedAsync(row);
            return (await store.FindAsync(row.Partition, row.Id), null);
        }

        await store.ForgetAsync(row);
        return (null, new Refusal(RefusalCatalogue.Find(outcome.Code!), outcome.Detail!));
    }

    private Task<Contracts.OutcomeView> ExecuteAsync(ComplaintRow row, string what, AccountCommand command) =>
        grains.Account(row.AccountId).Execute(command.ToBytes(), $"complaint-{what}:{row.Account}:{row.Id}", Requests.HashOf(command));

    /// <summary>What is sealed begins with a mark: a text that looks like a seal would be kept as it is, and could not be opened.</summary>
    private string Seal(string text) => personal.Seal("=" + text);

    /// <summary>An erased text is empty.</summary>
    private string Unseal(string text) => text.Length == 0 ? "" : personal.Unseal(text)[1..];

    private static int DayOf(DateTimeOffset now, string zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime).DayNumber;

    private static string NameOf<T>(T value) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value?.ToString() ?? "");
}

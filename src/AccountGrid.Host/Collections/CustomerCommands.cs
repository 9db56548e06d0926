using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.State;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Prices;

namespace AccountGrid.Host.Collections;

/// <summary>How the workflows' commands reach an account, and what an approval stands for.</summary>
internal sealed class CustomerCommands(GridDirectory directory, IGrainFactory grains, Approvals approvals, Publications publications)
{
    /// <summary>Kind of an approval that is carried out at the border of the month, and not at once.</summary>
    public const string Prepayment = "prepayment";

    /// <summary>Carries out a command that needs no key of the caller's, once per key where one is given.</summary>
    public async Task<IResult> ExecuteAsync(HttpContext http, string id, string kind, Func<int, AccountCommand> command) =>
        Requests.CheckKeyIfGiven(http) is { } wrong ? Problems.Of(wrong) : await ExecuteAsync(id, kind, command, Requests.KeyOrNew(http), http);

    /// <summary>Carries out a command once per key; without one, once.</summary>
    public async Task<IResult> ExecuteAsync(string id, string kind, Func<int, AccountCommand> command, string? key, HttpContext? http = null)
    {
        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Problems.UnknownAccount(id);
        }

        var asked = command(address.Number);
        var outcome =
            await grains.Account(id).Execute(asked.ToBytes(), $"{kind}:{address.Number}:{key ?? Guid.CreateVersion7().ToString("N")}", Requests.HashOf(asked));
        if (outcome.Replayed && http is not null)
        {
            http.Response.Headers["Idempotent-Replayed"] = "true";
        }

        return outcome.Accepted
            ? TypedResults.Ok(new { account = id, position = outcome.Position, balance = new Money(outcome.BalanceNano).ToString() })
            : Problems.Of(outcome);
    }

    /// <summary>
    /// A second person's word on what they were shown. What was agreed is carried out under the approval's id, so that agreeing twice does it once.
    /// </summary>
    /// <param name="id">The approval's.</param>
    /// <param name="agree">The second person's word.</param>
    /// <param name="hash">The hash of the content that the person saw.</param>
    /// <param name="person">Who agrees.</param>
    public Task<IResult> AnswerAsync(Guid id, bool agree, string hash, string person) => approvals.AnswerAsync(
        id, agree, hash, person,
        (asked, key) => asked.Kind == PublicationApproval.ApprovalKind ? publications.CarryOutAsync(asked.Body)
            : asked.Kind == Prepayment
            ? Task.FromResult<IResult>(TypedResults.Ok(new { approval = id, agreed = true }))
            : ExecuteAsync(asked.Account, "approval", number => CommandOf(number, asked.Kind, asked.Body, asked.AskedBy, person), key));

    /// <summary>The command that an approval stands for.</summary>
    internal static AccountCommand CommandOf(int account, string kind, string body, string askedBy, string agreedBy) => kind switch
    {
        "refund" when Read<RefundRequest>(body) is var r => new RefundCredit(account, Amount(r.Amount), r.Reason, askedBy, agreedBy),
        "adjustment" when Read<AdjustmentRequest>(body) is var r =>
            new AdjustBalance(account, Amount(r.Amount), r.Reason, askedBy, agreedBy, r.CorrectsPosition()),
        TariffCorrectionApproval.Kind when Read<TariffCorrectionApproval>(body) is var r =>
            new CorrectTariff(account, r.Number, r.From.DayNumber, r.Follows, r.Reason, askedBy, agreedBy),
        "contracted-capacity" when Read<SetContractedCapacityRequest>(body) is var r =>
            new SetContractedCapacity(account, Domain.Accounts.CapacityDecisions.MilliOf(r.Capacity)!.Value, r.From.DayNumber, r.Reason, askedBy,
                agreedBy, r.Unit),
        MeterFactsApproval.Kind when Read<MeterFactsApproval>(body) is var r =>
            r.Command with { Account = account, DecidedBy = askedBy, ApprovedBy = agreedBy },
        "waiver" when Read<WaiverRequest>(body) is var r => new WaiveFees(account, Amount(r.Amount), r.Reason, askedBy, agreedBy),
        "write-off" when Read<WriteOffRequest>(body) is var r => new WriteOff(account, Amount(r.Amount), r.Reason, askedBy, agreedBy),
        "reading-decision" when Read<DecisionApproval>(body) is var r => r.Command with { Account = account, DecidedBy = askedBy, ApprovedBy = agreedBy },
        "plan" when Read<PlanRequest>(body) is var r =>
            new AgreePlan(account, [.. r.Instalments.Select(i => new Instalment(i.Day.DayNumber, Amount(i.Amount)))], askedBy, ApprovedBy: agreedBy),
        "mode" when Read<ModeRequest>(body) is var r => new SwitchMode(account, Enum.Parse<PaymentMode>(r.Mode, ignoreCase: true), r.Consent,
            askedBy, agreedBy, (int)(r.DebtSharePercent * 100), Amount(r.DebtPerDay)),
        Prepayment when Read<PrepaymentApproval>(body) is var r => new SwitchMode(account, Domain.State.PaymentMode.Prepaid, r.Consent, askedBy, agreedBy,
            (int)(r.DebtSharePercent * 100), Amount(r.DebtPerDay)),
        _ => throw new InvariantBrokenException($"No command for an approval of kind '{kind}'."),
    };

    private static T Read<T>(string body) => JsonSerializer.Deserialize<T>(body, JsonSerializerOptions.Web)!;

    private static Money Amount(string text) =>
        Money.TryParse(text, out var money) ? money : throw new InvariantBrokenException($"A stored approval holds the amount '{text}'.");
}

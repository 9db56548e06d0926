using AccountGrid.Domain;
using AccountGrid.Domain.Billing;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.DirectDebit;

/// <summary>Registers mandates and ends them.</summary>
internal sealed class Mandates(
    MandateStore store, PaymentChannelCatalog channels, GridDirectory directory, IGrainFactory grains, PersonalData personal, TimeProvider time)
{
    private const int AccountMax = 34;

    /// <summary>Registers a mandate. The same again is the same mandate; another one under its id is refused, whosever account it is.</summary>
    public async Task<(MandateAnswer? Answer, bool Created, Refusal? Refusal)> RegisterAsync(string account, string id, MandateRequest r, string by)
    {
        if (await directory.FindAccountAsync(account) is not { } address || await grains.Account(account).Get() is not { } view)
        {
            return (null, false, new(AccountRefusals.Unknown, $"There is no account '{account}'."));
        }

        if (await channels.FindAsync(r.Channel, time.GetUtcNow()) is not { DirectDebit: not null } channel || channel.Currency != view.Currency)
        {
            return (null, false, new(DirectDebitRefusals.ChannelInvalid,
                $"channel: '{r.Channel}' is not a channel in {view.Currency} with a configuration of direct debit that is in force."));
        }

        var most = default(Money);
        if ((Check(id, r, channel) ?? (r.MaxAmount is null ? null : Requests.CheckAmount("maxAmount", r.MaxAmount, out most))) is { } wrong)
        {
            return (null, false, wrong);
        }

        if (r.MaxAmount is not null && most <= Money.Zero)
        {
            return (null, false, new(DirectDebitRefusals.MandateInvalid, $"maxAmount: '{r.MaxAmount}' is not more than 0."));
        }

        var hash = Requests.HashOf(new { account, r });
        if (await store.FindAsync(id) is null && await WhyNotAsync(address, view.IsOpen) is { } refusal)
        {
            return (null, false, refusal);
        }

        var (row, created) = await store.AddAsync(new()
        {
            Id = id,
            Channel = r.Channel,
            Scheme = r.Scheme,
            Partition = address.Partition,
            Account = address.Number,
            Account_Id = account,
            Signed_On = r.SignedOn,
            One_Off = r.OneOff,
            Max_Nano = r.MaxAmount is null ? null : most.Nano,
            Debtor_Name = personal.Seal(r.DebtorName),
            Debtor_Account = personal.Seal(r.DebtorAccount),
            Debtor_Agent = r.DebtorAgent,
            Body_Hash = hash,
            State = "active",
        }, by);
        return row.Body_Hash.AsSpan().SequenceEqual(hash)
            ? (Show(row), created, null)
            : (null, false, new(DirectDebitRefusals.MandateReused, $"mandate: '{id}' was used before with other content."));
    }

    /// <summary>Suspends, resumes or cancels a mandate; the same again changes nothing.</summary>
    public async Task<(MandateAnswer? Answer, Refusal? Refusal)> ChangeAsync(MandateRow row, MandateStateRequest r, string by)
    {
        var now = row.StateOn(Today);
        if (now != r.State && now is "cancelled" or "lapsed")
        {
            return (null, new(DirectDebitRefusals.MandateEnded, $"state: mandate '{row.Id}' is {now}, and stays so."));
        }

        await store.ChangeAsync(row.Id, r.State, r.Reason, by);
        return (Show((await store.FindAsync(row.Id))!), null);
    }

    public MandateAnswer Show(MandateRow row) => new(
        row.Id, row.Account_Id, row.Channel, row.Scheme, row.Signed_On, MaskName(personal.Unseal(row.Debtor_Name)),
        PersonalData.Mask(personal.Unseal(row.Debtor_Account)), row.Debtor_Agent, row.Max_Nano is { } most ? new Money(most).ToString() : null, row.One_Off,
        row.StateOn(Today), row.State_Reason, row.Last_Used, DebitRules.SequenceOf(row.One_Off, row.Uses, isFinal: false));

    /// <summary>The first thing that is wrong with a mandate under a channel; null where it can be collected.</summary>
    internal static Refusal? Check(string id, MandateRequest r, PaymentChannelDefinition channel)
    {
        static Refusal? Need(bool isRight, string field, object? value, string right) =>
            isRight ? null : new(DirectDebitRefusals.MandateInvalid, $"{field}: '{value}' is not {right}.");

        var isSepa = r.Scheme is "core" or "b2b";
        var schemes = channel.DirectDebit!.Schemes;
        return Need(Ids.IsValid(id) && SepaText.IsId(id), "mandate", id, "an id of 1 to 32 letters, digits and - : ( ) . , ' +")
            ?? Need(schemes.Contains(r.Scheme), "scheme", r.Scheme, $"one of channel '{channel.Id}': {string.Join(", ", schemes)}")
            ?? Need(r.DebtorName.Trim().Length is > 0 and <= SepaText.NameMax && !r.DebtorName.Any(char.IsControl), "debtorName", r.DebtorName,
                "a name of 1 to 70 printable characters")
            ?? Need(!isSepa || SepaText.Of(r.DebtorName, SepaText.NameMax) is not null, "debtorName", r.DebtorName, SepaText.RightName)
            ?? Need(channel.DirectDebit.Csv is not { } csv || DebitCsv.CanCarry(csv, r.DebtorName), "debtorName", r.DebtorName,
                $"a name that {channel.DirectDebit.Csv?.Encoding} can carry")
            ?? Need(isSepa ? SepaText.IsIban(r.DebtorAccount) : IsAccount(r.DebtorAccount), "debtorAccount", PersonalData.Mask(r.DebtorAccount),
                isSepa ? "an IBAN without blanks" : $"a bank account of 4 to {AccountMax} letters and digits")
            ?? Need(r.DebtorAgent is null || (isSepa ? SepaText.IsBic(r.DebtorAgent) : IsAccount(r.DebtorAgent)), "debtorAgent", r.DebtorAgent,
                isSepa ? "a BIC of 8 or 11 characters" : "a bank's number of 4 to 34 letters and digits");
    }

    private async Task<Refusal?> WhyNotAsync(AccountAddress address, bool isOpen) =>
        !isOpen ? new(AccountRefusals.Closed, "The account is closed.")
        : await grains.Partition(address.Partition).Workflow(address.Number) is null
        ? new(CustomerRefusals.NoPolicy, "The account is under no policy pack: set its customer first.")
        : null;

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private static string MaskName(string name) => name.Length <= 1 ? name : $"{name[0]}***";

    private static bool IsAccount(string text) => text.Length is >= 4 and <= AccountMax && text.All(char.IsAsciiLetterOrDigit);
}

using System.Text.Json;
using System.Text.Json.Serialization;
using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Metering;

namespace AccountGrid.Domain.Commands;

/// <summary>
/// What the log carries beside readings. Closed set; stored as JSON with the type name, so fields may be added but never change
/// meaning. Numbers name accounts, meters and tariffs as the grid's directory does; money is nano, times are UTC ms.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(OpenAccount), "open-account")]
[JsonDerivedType(typeof(TakePayment), "payment")]
[JsonDerivedType(typeof(ReversePayment), "reversal")]
[JsonDerivedType(typeof(RefundCredit), "refund")]
[JsonDerivedType(typeof(AdjustBalance), "adjustment")]
[JsonDerivedType(typeof(ChangeTariff), "change-tariff")]
[JsonDerivedType(typeof(CloseAccount), "close-account")]
[JsonDerivedType(typeof(ChangeHousehold), "change-household")]
[JsonDerivedType(typeof(InstallMeter), "install-meter")]
[JsonDerivedType(typeof(ReleaseMeter), "release-meter")]
[JsonDerivedType(typeof(ReceiveMeter), "receive-meter")]
[JsonDerivedType(typeof(ExchangeMeter), "exchange-meter")]
[JsonDerivedType(typeof(Check), "check")]
[JsonDerivedType(typeof(SetCustomer), "set-customer")]
[JsonDerivedType(typeof(SwitchMode), "switch-mode")]
[JsonDerivedType(typeof(PlaceHold), "place-hold")]
[JsonDerivedType(typeof(LiftHold), "lift-hold")]
[JsonDerivedType(typeof(AnnouncePayment), "announce-payment")]
[JsonDerivedType(typeof(AgreePlan), "agree-plan")]
[JsonDerivedType(typeof(CancelPlan), "cancel-plan")]
[JsonDerivedType(typeof(PromisePayment), "promise-payment")]
[JsonDerivedType(typeof(RecordContact), "record-contact")]
[JsonDerivedType(typeof(CloseCase), "close-case")]
[JsonDerivedType(typeof(ReportDelivery), "report-delivery")]
[JsonDerivedType(typeof(ConfirmNotice), "confirm-notice")]
[JsonDerivedType(typeof(WaiveFees), "waive-fees")]
[JsonDerivedType(typeof(MoveToDebt), "move-to-debt")]
[JsonDerivedType(typeof(WriteOff), "write-off")]
[JsonDerivedType(typeof(OrderRestore), "order-restore")]
[JsonDerivedType(typeof(ReleaseCut), "release-cut")]
[JsonDerivedType(typeof(ReportRelay), "report-relay")]
public abstract record GridCommand
{
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, CommandJson.Default.GridCommand);

    /// <summary>Throws <see cref="JsonException"/> for anything that is not a stored command.</summary>
    public static GridCommand FromBytes(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, CommandJson.Default.GridCommand) ?? throw new JsonException("A stored command is null.");
        }
        catch (NotSupportedException e)
        {
            // What the serializer says of an object without a type name.
            throw new JsonException("A stored command has no type.", e);
        }
    }
}

/// <summary>A command to one account.</summary>
public abstract record AccountCommand(int Account) : GridCommand;

/// <param name="AccountId">The account's id, so that the log can be read without the directory.</param>
/// <param name="Tariff">Number of the tariff version.</param>
/// <param name="OpenedDay">First local day of the account, as a day number.</param>
/// <param name="LevelsNano">Low-balance levels by amount; empty is none.</param>
public sealed record OpenAccount(int Account, string AccountId, int Tariff, PaymentMode Mode, int OpenedDay, byte HouseholdSize, bool Protected, IReadOnlyList<long> LevelsNano)
    : AccountCommand(Account);

/// <param name="AmountNano">More than zero.</param>
/// <param name="Channel">Where it was paid ("bank", "wallet", "counter"...).</param>
/// <param name="Reference">The channel's own id of the payment.</param>
public sealed record TakePayment(int Account, long AmountNano, string Channel, string? Reference) : AccountCommand(Account);

/// <param name="PaymentPosition">Position of the payment that bounced.</param>
public sealed record ReversePayment(int Account, long PaymentPosition, string? Reason) : AccountCommand(Account);

/// <param name="AmountNano">More than zero; taken from the balance and paid out.</param>
/// <param name="DecidedBy">Who decided it, and who agreed, as for <see cref="AdjustBalance"/>.</param>
public sealed record RefundCredit(int Account, long AmountNano, string? Reason, string? DecidedBy = null, string? ApprovedBy = null) : AccountCommand(Account);

/// <param name="AmountNano">Credit where positive, debit where negative; never zero.</param>
/// <param name="DecidedBy">Who decided it, and who agreed: above the pack's limit two different people.</param>
/// <param name="CorrectsPosition">Position of the adjustment that it takes back, whole or in part; null is none.</param>
public sealed record AdjustBalance(int Account, long AmountNano, string Reason, string? DecidedBy = null, string? ApprovedBy = null, long? CorrectsPosition = null) : AccountCommand(Account);

/// <param name="FromDay">First local day under the new version, as a day number.</param>
public sealed record ChangeTariff(int Account, int Tariff, int FromDay) : AccountCommand(Account);

/// <summary>Another household size or protection, from the tier period (month or year) that a local day lies in: its allowance is one for the whole period.</summary>
/// <param name="HouseholdSize">Persons, 0 to 100; 0 is not known.</param>
/// <param name="FromDay">Local day, as a day number; not in the future.</param>
public sealed record ChangeHousehold(int Account, byte HouseholdSize, bool Protected, int FromDay, string Reason) : AccountCommand(Account);

/// <param name="LastDay">Last local day of the account, as a day number: from the day on which its last meter left, to today.</param>
public sealed record CloseAccount(int Account, int LastDay, string? Reason) : AccountCommand(Account);

/// <param name="Account">0 is no account yet.</param>
/// <param name="FromMs">Since when it counts.</param>
/// <param name="RegisterWh">Its register then.</param>
public sealed record InstallMeter(int Meter, int Account, MeterRating Rating, long FromMs, long RegisterWh) : GridCommand;

/// <summary>The meter goes to another account at an instant. Decided where it is; it then arrives there as <see cref="ReceiveMeter"/>.</summary>
/// <param name="RegisterWh">Its register then; null takes the last value known at that instant.</param>
public sealed record ReleaseMeter(int Meter, int ToAccount, int ToPartition, long AtMs, long? RegisterWh) : GridCommand;

/// <param name="Points">Values that had already come for the time after the move.</param>
public sealed record ReceiveMeter(int Meter, int Assignment, int Account, MeterRating Rating, long FromMs, long RegisterWh, int FromPartition, IReadOnlyList<MovedPoint> Points)
    : GridCommand;

public sealed record MovedPoint(long TimeMs, long ValueWh, ReadingQuality Quality, byte Revision);

/// <summary>One device replaces another on the same account: the old one's last register and the new one's first, at one instant.</summary>
public sealed record ExchangeMeter(int Meter, int NewMeter, long AtMs, long FinalWh, long StartWh, MeterRating NewRating) : GridCommand;

/// <summary>Time passes for these accounts: standing charges fall due and days close. Lost or doubled ones do no harm.</summary>
public sealed record Check(long AtMs, IReadOnlyList<int> Accounts) : GridCommand;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GridCommand))]
internal sealed partial class CommandJson : JsonSerializerContext;

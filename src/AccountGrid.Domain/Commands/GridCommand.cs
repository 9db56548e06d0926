using System.Text.Json;
using System.Text.Json.Serialization;

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
[JsonDerivedType(typeof(CorrectTariff), "correct-tariff")]
[JsonDerivedType(typeof(CloseAccount), "close-account")]
[JsonDerivedType(typeof(ChangeHousehold), "change-household")]
[JsonDerivedType(typeof(SetContractedCapacity), "set-contracted-capacity")]
[JsonDerivedType(typeof(InstallMeter), "install-meter")]
[JsonDerivedType(typeof(ReleaseMeter), "release-meter")]
[JsonDerivedType(typeof(ReceiveMeter), "receive-meter")]
[JsonDerivedType(typeof(ExchangeMeter), "exchange-meter")]
[JsonDerivedType(typeof(DecideReading), "decide-reading")]
[JsonDerivedType(typeof(SetMeterFacts), "set-meter-facts")]
[JsonDerivedType(typeof(EstimateReading), "estimate-reading")]
[JsonDerivedType(typeof(TransferMoney), "transfer")]
[JsonDerivedType(typeof(ReceiveTransfer), "receive-transfer")]
[JsonDerivedType(typeof(ReturnTransfer), "return-transfer")]
[JsonDerivedType(typeof(MoveInternal), "move-internal")]
[JsonDerivedType(typeof(SetFloatTerms), "set-float-terms")]
[JsonDerivedType(typeof(Check), "check")]
[JsonDerivedType(typeof(UsePrices), "use-prices")]
[JsonDerivedType(typeof(SetCustomer), "set-customer")]
[JsonDerivedType(typeof(SwitchMode), "switch-mode")]
[JsonDerivedType(typeof(SetBillingCycle), "set-billing-cycle")]
[JsonDerivedType(typeof(PlaceHold), "place-hold")]
[JsonDerivedType(typeof(LiftHold), "lift-hold")]
[JsonDerivedType(typeof(AnnouncePayment), "announce-payment")]
[JsonDerivedType(typeof(AnnounceDebit), "announce-debit")]
[JsonDerivedType(typeof(CollectDebit), "collect-debit")]
[JsonDerivedType(typeof(ReportDebitReturn), "debit-return")]
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
[JsonDerivedType(typeof(AskSurvey), "ask-survey")]
[JsonDerivedType(typeof(NotifyPrice), "notify-price")]
[JsonDerivedType(typeof(FileComplaint), "file-complaint")]
[JsonDerivedType(typeof(ResolveComplaint), "resolve-complaint")]
[JsonDerivedType(typeof(ReleaseCut), "release-cut")]
[JsonDerivedType(typeof(ReportRelay), "report-relay")]
public abstract record GridCommand
{
    /// <summary>As it is stored, and sent to the silo that appends it: perhaps one of an older release.</summary>
    /// <exception cref="FormatNotInForceException">Its type belongs to a format version that is not in force.</exception>
    public byte[] ToBytes() => CommandVersions.IsInForce(GetType())
        ? JsonSerializer.SerializeToUtf8Bytes(this, CommandJson.Command)
        : throw new FormatNotInForceException(CommandVersions.Of(GetType()), FormatVersion.InForce);

    private static readonly HashSet<string> Types = [.. typeof(GridCommand).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false)
        .Select(a => (string)((JsonDerivedTypeAttribute)a).TypeDiscriminator!)];

    /// <summary>
    /// Throws <see cref="LaterFormatException"/> for a type that only a later release has, and <see cref="JsonException"/> for what is no stored command.
    /// </summary>
    public static GridCommand FromBytes(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, CommandJson.Command) ?? throw new JsonException("A stored command is null.");
        }
        catch (JsonException) when (TypeOf(utf8) is { } type && !Types.Contains(type))
        {
            throw new LaterFormatException($"A stored command has the type '{type}', which this build does not know.");
        }
        catch (NotSupportedException e)
        {
            // What the serializer says of an object without a type name.
            throw new JsonException("A stored command has no type.", e);
        }
    }

    /// <summary>The type that stands first in a stored command; null where none stands there.</summary>
    private static string? TypeOf(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.Read() && reader.ValueTextEquals("type"u8) && reader.Read()
                && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

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
[JsonDerivedType(typeof(CloseAccount), "close-account")]
[JsonDerivedType(typeof(ChangeHousehold), "change-household")]
[JsonDerivedType(typeof(InstallMeter), "install-meter")]
[JsonDerivedType(typeof(ReleaseMeter), "release-meter")]
[JsonDerivedType(typeof(ReceiveMeter), "receive-meter")]
[JsonDerivedType(typeof(ExchangeMeter), "exchange-meter")]
[JsonDerivedType(typeof(TransferMoney), "transfer")]
[JsonDerivedType(typeof(ReceiveTransfer), "receive-transfer")]
[JsonDerivedType(typeof(ReturnTransfer), "return-transfer")]
[JsonDerivedType(typeof(MoveInternal), "move-internal")]
[JsonDerivedType(typeof(SetFloatTerms), "set-float-terms")]
[JsonDerivedType(typeof(Check), "check")]
[JsonDerivedType(typeof(SetCustomer), "set-customer")]
[JsonDerivedType(typeof(SwitchMode), "switch-mode")]
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
[JsonDerivedType(typeof(FileComplaint), "file-complaint")]
[JsonDerivedType(typeof(ResolveComplaint), "resolve-complaint")]
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

using System.Text.Json;
using System.Text.Json.Serialization;
using AccountGrid.Client.Sending;

namespace AccountGrid.Client;

/// <summary>Every form that is sent or read, made by the compiler: nothing is looked up by reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ReadingLine))]
[JsonSerializable(typeof(PushAnswer))]
[JsonSerializable(typeof(RelayCommandList))]
[JsonSerializable(typeof(RelayCommandLine))]
[JsonSerializable(typeof(RelayReportList))]
[JsonSerializable(typeof(RelayResultList))]
[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(AccountBalance))]
[JsonSerializable(typeof(BalancesAsked))]
[JsonSerializable(typeof(ListedBalances))]
[JsonSerializable(typeof(GridPage<LedgerEntry>))]
[JsonSerializable(typeof(GridPage<TimelineItem>))]
[JsonSerializable(typeof(EnergyUse))]
[JsonSerializable(typeof(Payment))]
[JsonSerializable(typeof(Reversal))]
[JsonSerializable(typeof(Refund))]
[JsonSerializable(typeof(Adjustment))]
[JsonSerializable(typeof(MoneyReceipt))]
[JsonSerializable(typeof(ApprovalAsked))]
internal sealed partial class ClientJson : JsonSerializerContext;

using AccountGrid.Host.DirectDebit;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Runs of direct debit of a channel.</summary>
public sealed record DebitsModel(string Channel, string Currency, ConsolePart<Page<DebitRunAnswer>> Runs);

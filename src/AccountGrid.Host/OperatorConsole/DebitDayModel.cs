using AccountGrid.Host.DirectDebit;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Collections of a channel and day.</summary>
/// <param name="State">Which are listed; empty is all.</param>
/// <param name="Run">Null where none is made yet.</param>
public sealed record DebitDayModel(string Channel, string Currency, string Day, string State, DebitRunAnswer? Run, ConsolePart<Page<DebitItemAnswer>> Items);

using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Payments;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>An agent: what can be sold out of the float, and the float's ledger.</summary>
public sealed record AgentModel(AgentAnswer Agent, ConsolePart<Page<EntryAnswer>> Entries);

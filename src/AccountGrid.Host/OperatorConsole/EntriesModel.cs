using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>A page of an account's ledger, newest first.</summary>
public sealed record EntriesModel(string Account, string Zone, string Currency, Page<EntryAnswer> Entries);

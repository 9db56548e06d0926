using AccountGrid.Domain.Commands;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Accounts;

/// <summary>A request that was judged by itself.</summary>
/// <param name="CommandFor">The command for the account's address.</param>
/// <param name="Meaning">Hash of what was asked for, however it was written: the same again is the same account.</param>
internal sealed record Opening(Func<AccountAddress, OpenAccount> CommandFor, byte[] Meaning);

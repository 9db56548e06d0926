using AccountGrid.Contracts;
using Orleans.Concurrency;

namespace AccountGrid.Host.Partitions;

/// <summary>What the grid's own processes ask of an account beside what all may: commands as they are stored, and the partition's word on changes.</summary>
[Alias("AccountGrid.IAccountLogGrain")]
internal interface IAccountLogGrain : IAccountGrain
{
    /// <summary>
    /// Carries out a command on the account, once per key: appended to its log with the key, then decided by the fold. The same key and body is
    /// answered the same; <c>idempotency.key_reused</c> is the refusal for another body, <c>command.not_of_account</c> for a command that names another
    /// account.
    /// </summary>
    /// <param name="command">The command as stored JSON (a domain GridCommand).</param>
    /// <param name="bodyHash">SHA-256 of what the caller sent.</param>
    [Alias("Execute")]
    Task<OutcomeView> Execute(byte[] command, string key, byte[] bodyHash);

    /// <summary>The partition's word on a change.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("Changed")]
    Task Changed(AccountView view);

    /// <summary>What the partition said was folded from records that the log does not have: it is asked again.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("Forget")]
    Task Forget();
}

using System.Security.Claims;
using AccountGrid.Contracts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using Microsoft.Extensions.Options;
using HttpJson = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace AccountGrid.Host.Accounts;

/// <summary>Makes streams of accounts' balances, and counts how many each caller has open here.</summary>
internal sealed class AccountStreams(IGrainFactory grains, AccountReader reader, StreamAccess access, SecurityOptions options, IHostApplicationLifetime life,
    TimeProvider time, IOptions<HttpJson> json)
{
    private readonly OpenStreams _open = new();

    public IResult Of(string id) => new AccountStream(id, grains, reader, access, this, life.ApplicationStopping, time, json.Value.SerializerOptions);

    /// <summary>How many streams a caller may have open on this process.</summary>
    public int MaxOf(ClaimsPrincipal caller) => caller.Role() == KeyRole.Customer ? options.StreamsPerCustomer : options.StreamsPerKey;

    /// <summary>Counts one more of a caller; false, and none is counted, where that would be too many.</summary>
    public bool TryOpen(ClaimsPrincipal caller) => _open.TryAdd(caller.Person(), MaxOf(caller));

    public void Close(ClaimsPrincipal caller) => _open.Remove(caller.Person());
}

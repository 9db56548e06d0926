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
    private readonly Dictionary<string, int> _open = [];
    private readonly Lock _counting = new();

    public IResult Of(string id) => new AccountStream(id, grains, reader, access, this, life.ApplicationStopping, time, json.Value.SerializerOptions);

    /// <summary>How many streams a caller may have open on this process.</summary>
    public int MaxOf(ClaimsPrincipal caller) => caller.Role() == KeyRole.Customer ? options.StreamsPerCustomer : options.StreamsPerKey;

    /// <summary>Counts one more of a caller; false, and none is counted, where that would be too many.</summary>
    public bool TryOpen(ClaimsPrincipal caller)
    {
        lock (_counting)
        {
            var open = _open.GetValueOrDefault(caller.Person());
            if (open >= MaxOf(caller))
            {
                return false;
            }

            _open[caller.Person()] = open + 1;
            return true;
        }
    }

    public void Close(ClaimsPrincipal caller)
    {
        lock (_counting)
        {
            if (--_open[caller.Person()] == 0)
            {
                _open.Remove(caller.Person());
            }
        }
    }
}

using System.Security.Claims;
using System.Text.Json;
using AccountGrid.Contracts;
using AccountGrid.Host.Http;
using Orleans.Serialization.Invocation;

namespace AccountGrid.Host.Security;

/// <summary>
/// Guards grains from programs that come through the port for Orleans clients. A silo marks its own calls with a word that only silos can make; a call without
/// it needs an API key or a customer's token under <see cref="KeyName"/> in the request context, and may do what the same key may do at the API: look at
/// accounts and meters, ask for many by <see cref="IGridQueries"/>, and give the orders of <see cref="IAccountGrain"/>. All else is for the API.
/// </summary>
internal sealed class CallGuard(IServiceProvider services, SiloMark mark) : IIncomingGrainCallFilter
{
    /// <summary>Name of the key in the request context of a client's call.</summary>
    public const string KeyName = AccountGridCalls.KeyName;

    internal static readonly Dictionary<string, string> AccountPolicies = new()
    {
        [nameof(IAccountGrain.Get)] = Permissions.Query,
        [nameof(IAccountGrain.GetAfter)] = Permissions.Query,
        [nameof(IAccountGrain.Changes)] = Permissions.Query,
        [nameof(IAccountGrain.Pay)] = Permissions.Pay,
        [nameof(IAccountGrain.AnnouncePayment)] = Permissions.Pay,
        [nameof(IAccountGrain.Reverse)] = Permissions.Administer,
        [nameof(IAccountGrain.Refund)] = Permissions.Administer,
        [nameof(IAccountGrain.Adjust)] = Permissions.Manage,
        [nameof(IAccountGrain.PlaceHold)] = Permissions.Manage,
        [nameof(IAccountGrain.LiftHold)] = Permissions.Manage,
        [nameof(IAccountGrain.ChangeTariff)] = Permissions.Administer,
    };

    internal static readonly Dictionary<string, string> MeterPolicies = new()
    {
        [nameof(IMeterGrain.Get)] = Permissions.Query,
        [nameof(IMeterGrain.Days)] = Permissions.Query,
    };

    internal static readonly Dictionary<string, string> QueryPolicies = new()
    {
        [nameof(IGridQueries.Balances)] = Permissions.QueryAll,
        [nameof(IGridQueries.Accounts)] = Permissions.QueryOwn,
    };

    public static void Use(ISiloBuilder silo)
    {
        silo.Services.AddSingleton<SiloMark>();
        silo.AddOutgoingGrainCallFilter<SiloMark>().AddIncomingGrainCallFilter<CallGuard>();
    }

    public Task Invoke(IIncomingGrainCallContext context) => mark.IsOnThisCall || IsTimer(context) ? context.Invoke() : GuardAsync(context);

    /// <summary>
    /// A grain's timer, also that by which a stream's agent reads its queue, is a request that is its own target. Nothing that came by a wire is.
    /// </summary>
    private static bool IsTimer(IIncomingGrainCallContext context) => ReferenceEquals(context.Request.GetTarget(), context.Request);

    private async Task GuardAsync(IIncomingGrainCallContext context)
    {
        // Nothing that came with the call goes on into the grid, whose own calls carry the mark; but a trace id that is one. Here, because what an asynchronous
        // method changes of the context is undone when it returns.
        var (shown, trace) = (RequestContext.Get(KeyName) as string, RequestContext.Get(LogLines.TraceKey) as string);
        RequestContext.Clear();
        if (trace is { Length: 32 } && trace.All(char.IsAsciiHexDigitLower))
        {
            RequestContext.Set(LogLines.TraceKey, trace);
        }

        if (!IsForEveryClient(context))
        {
            var caller = shown is null ? null : await services.GetRequiredService<Callers>().FindAsync(shown);
            if (await ProblemAsync(context, caller) is { } problem)
            {
                throw new UnauthorizedAccessException(problem);
            }

            OutsideCaller.Set(caller!.Person(), caller!.Caller(), caller!.Role()!.Value, caller!.Scope());
        }

        await context.Invoke();
    }

    /// <summary>What a client of Orleans asks before it can call anything: which grains there are.</summary>
    private static bool IsForEveryClient(IIncomingGrainCallContext context) =>
        context.InterfaceName.EndsWith("IClusterManifestSystemTarget", StringComparison.Ordinal);

    private async Task<string?> ProblemAsync(IIncomingGrainCallContext context, ClaimsPrincipal? caller)
    {
        if (caller?.Role() is not { } role)
        {
            return $"A valid key is needed in the request context under '{KeyName}'.";
        }

        var isAccount = context.Grain is IAccountGrain;
        if (!isAccount && context.Grain is not (IMeterGrain or IGridQueries))
        {
            return "Only accounts, meters and queries can be called from outside the grid.";
        }

        if (PolicyOf(context.Request) is not { } policy)
        {
            return $"{context.MethodName}: from outside the grid only what IAccountGrain, IMeterGrain and IGridQueries offer can be called; "
                + "all else goes through the API.";
        }

        // What a query shows of many accounts, it looks at itself.
        if (context.Grain is IGridQueries)
        {
            return Permissions.Allows(policy, role) ? null : "The key's role may not do this.";
        }

        var id = context.TargetId.Key.ToString()!;
        if (!Permissions.Allows(policy, role)
            || (Ownership.IsScoped(role)
                && !await services.GetRequiredService<Ownership>().IsOwnAsync(isAccount ? Ownership.OfAccount : Ownership.OfMeter, id, role, caller.Scope())))
        {
            return "The key's role may not do this, or not to this account.";
        }

        if (policy != Permissions.Query)
        {
            var arguments = Enumerable.Range(0, context.Request.GetArgumentCount()).Select(context.Request.GetArgument).ToList();
            var trail = services.GetRequiredService<AuditTrail>();
            await trail.AddAsync(id, caller, "CALL", $"{context.InterfaceName}/{id}/{context.MethodName}",
                trail.HashOf(JsonSerializer.SerializeToUtf8Bytes(arguments.SkipLast(1))), arguments[^1] as string ?? "");
        }

        return null;
    }

    /// <summary>
    /// What a call needs: the policy of the endpoint that does the same. By interface and method, as this process knows them, so that no method of another
    /// interface of the same grain is let in by its name.
    /// </summary>
    private static string? PolicyOf(IInvokable request) => (request.GetInterfaceType(), request.GetMethodName()) switch
    {
        (var type, var method) when type == typeof(IAccountGrain) => AccountPolicies.GetValueOrDefault(method),
        (var type, var method) when type == typeof(IMeterGrain) => MeterPolicies.GetValueOrDefault(method),
        (var type, var method) when type == typeof(IGridQueries) => QueryPolicies.GetValueOrDefault(method),

        // A stream is begun, read and ended by Orleans' own extension of the grain. Which one is begun is in the request that it is given.
        (var type, var method) when type == typeof(IAsyncEnumerableGrainExtension) => method switch
        {
            "StartEnumeration<T>" or "StartEnumeration" => Enumerable.Range(0, request.GetArgumentCount()).Select(request.GetArgument)
                .OfType<IInvokable>().FirstOrDefault() is { } stream ? PolicyOf(stream) : null,
            "MoveNext<T>" or "MoveNext" or "DisposeAsync" => Permissions.Query,
            _ => null,
        },
        _ => null,
    };
}

using System.Globalization;

namespace AccountGrid.Host.Http;

/// <summary>Makes pages of what was read.</summary>
internal static class Pages
{
    /// <summary>Rows of a short list in one answer, where no limit is asked for.</summary>
    private const int ShortMax = 500;

    /// <summary>A page of rows that were read with one more than it shows, which tells that there are more.</summary>
    public static Page<TShown> Of<TRow, TShown>(IReadOnlyList<TRow> rows, int take, Func<TRow, TShown> show, Func<TRow, string> cursor) =>
        new([.. rows.Take(take).Select(show)], rows.Count > take ? cursor(rows[take - 1]) : null, rows.Count > take);

    /// <summary>The same of rows that are shown as they are.</summary>
    public static Page<T> Of<T>(IReadOnlyList<T> rows, int take, Func<T, string> cursor) => Of(rows, take, r => r, cursor);

    /// <summary>
    /// A page of a list that is short enough to be read whole each time, such as the tariffs or an account's mandates, in an order that later rows do not
    /// change.
    /// </summary>
    /// <param name="name">What tells a row from all others. Where the row that a cursor names is gone, the list begins anew.</param>
    public static Page<T> OfShort<T>(IReadOnlyList<T> all, int? limit, string? cursor, Func<T, string> name)
    {
        var take = limit is null ? ShortMax : Requests.Limit(limit);
        var begin = 0;
        if (ListCursor.Read(cursor, typeof(T).Name, 1) is [var last])
        {
            while (begin < all.Count && name(all[begin]) != last)
            {
                begin++;
            }

            begin = begin == all.Count ? throw new BadHttpRequestException("cursor: the row that it names is gone; begin the list anew.") : begin + 1;
        }

        return Of([.. all.Skip(begin).Take(take + 1)], take, row => ListCursor.Of(typeof(T).Name, name(row)));
    }

    /// <summary>An instant in a cursor.</summary>
    public static string Text(DateTimeOffset at) => at.UtcTicks.ToString(CultureInfo.InvariantCulture);

    /// <summary>An instant of a cursor.</summary>
    public static DateTime Time(string text) => ListCursor.Number(text) is >= 0 and var ticks && ticks <= DateTime.MaxValue.Ticks
        ? new(ticks, DateTimeKind.Utc)
        : throw new BadHttpRequestException("cursor: it is not one that an earlier page of the same list gave.");

    /// <summary>
    /// Filter: a page that another follows says where that is in a <c>Link</c> header (RFC 8288), too, with all that was asked for.
    /// </summary>
    public static async ValueTask<object?> LinkAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var answer = await next(context);
        var http = context.HttpContext;
        if (HttpMethods.IsGet(http.Request.Method)
            && ((answer as INestedHttpResult)?.Result ?? answer) is IValueHttpResult { Value: IPage { HasMore: true, NextCursor: { } cursor } })
        {
            var place = http.GetEndpoint()?.Metadata.GetMetadata<ContinuesBy>()?.Parameter ?? "cursor";
            var query = QueryString.Create(http.Request.Query.Where(q => !q.Key.Equals(place, StringComparison.OrdinalIgnoreCase))).Add(place, cursor);
            http.Response.Headers.Link = $"<{http.Request.PathBase}{http.Request.Path}{query}>; rel=\"next\"";
        }

        return answer;
    }
}

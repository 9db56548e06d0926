using Dapper;
using Npgsql;

namespace AccountGrid.Host.Customers;

/// <summary>
/// Lists of customers. Every combination of filters reads an index in the order of the answer, for each of a few areas and segments by itself, so that a page
/// costs the rows that it shows and not those of all customers.
/// </summary>
internal sealed class CustomerList(NpgsqlDataSource database)
{
    /// <summary>Beyond so many areas their customers are most of all: the order of ids is read, and what is elsewhere is left out.</summary>
    private const int AreasApartMax = 200;

    private const string Columns = "c.id, c.name, c.class, c.size, c.area, c.manager, c.grade";

    /// <summary>The area and all that lie in it. Empty for one that is not there.</summary>
    public async Task<string[]> WithinAsync(string area)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<string>("select id from area where path @> array[@area]", new { area })).ToArray();
    }

    /// <summary>Customers behind a place, by id; with a text by name and id.</summary>
    public async Task<List<CustomerListItem>> PageAsync(CustomerFilter f, (string Name, string Id)? after, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        var parameters = new
        {
            f.Areas,
            f.Manager,
            f.Grade,
            f.Segments,
            f.Text,
            from = f.Text is { } text ? CustomerStore.KeyOf(text) : "",
            until = f.Text is { } t ? CustomerStore.KeyOf(t) + "\U0010FFFF" : "",
            name = after?.Name ?? "",
            id = after?.Id ?? "",
            take,
        };
        var inner = f.Text is null ? ById(f) : ByText(f);
        var order = f.Text is null ? "c.id" : "c.name_key, c.id";
        return (await connection.QueryAsync<(string Id, string Name, string Class, string Size, string? Area, string? Manager, short Grade,
            string? Responsible)>(
            $"""
            select {Columns}, case_owner(c.manager, r.chain, 0) from ({inner}) c left join area r on r.id = c.area order by {order} limit @take
            """,
            parameters)).Select(c => new CustomerListItem(
                c.Id, c.Name, c.Class, c.Size, c.Area, c.Responsible, c.Manager, CustomerStore.GradeOf(c.Grade))).ToList();
    }

    private static string ById(CustomerFilter f)
    {
        // Whoever has a manager is one of a few hundred; other filters are then looked at one by one.
        var areasApart = f.Manager is null && f.Areas is { Length: <= AreasApartMax };
        var segmentsApart = f.Manager is null && f.Segments is not null && (f.Areas is null || areasApart);
        var from = (areasApart, segmentsApart) switch
        {
            (true, true) => "unnest(@Areas) as a(area) cross join unnest(@Segments) as s(segment) cross join lateral",
            (true, false) => "unnest(@Areas) as a(area) cross join lateral",
            (false, true) => "unnest(@Segments) as s(segment) cross join lateral",
            _ => "",
        };
        var where = Where(
            f, areasApart ? "c.area = a.area" : Looked("c.area", "@Areas"), segmentsApart ? "c.segment = s.segment" : Looked("c.segment", "@Segments"));
        var page = $"(select c.* from customer c where c.id > @id{where} order by c.id limit @take) c";
        return $"select c.* from {from} {page} order by c.id limit @take";
    }

    private static string ByText(CustomerFilter f)
    {
        var areasApart = f.Areas is { Length: <= AreasApartMax };
        var segmentsApart = f.Segments is not null && !areasApart;
        var from = areasApart ? "unnest(@Areas) as a(area) cross join lateral" : segmentsApart ? "unnest(@Segments) as s(segment) cross join lateral" : "";
        var rest = (f.Grade is null ? "" : " and c.grade + 0 = @Grade") + " and (c.name_key, c.id) > (@name, @id)";
        var named = Where(f with { Grade = null }, areasApart ? "c.area = a.area" : Looked("c.area", "@Areas"),
            segmentsApart ? "c.segment = s.segment" : Looked("c.segment", "@Segments")) + rest;
        var known = Where(f with { Grade = null }, Looked("c.area", "@Areas"), Looked("c.segment", "@Segments")) + rest;
        return $"""
            (select c.* from {from} (select c.* from customer c where c.name_key >= @from and c.name_key < @until{named}
              order by c.name_key, c.id limit @take) c order by c.name_key, c.id limit @take)
            union select c.* from customer c where c.id = @Text{known}
            union select c.* from customer c
              where c.id = (select o.customer from customer_account o join account n on n.number = o.account where n.id = @Text){known}
            """;
    }

    /// <summary>A condition that is looked at row by row: the order of the answer decides which index is read.</summary>
    private static string Looked(string column, string values) => $"({column} || '') = any({values})";

    private static string Where(CustomerFilter f, string areas, string segments) => string.Concat(
        f.Areas is null ? "" : $" and {areas}", f.Segments is null ? "" : $" and {segments}", f.Manager is null ? "" : " and c.manager = @Manager",
        f.Grade is null ? "" : " and c.grade = @Grade");
}

using System.Text;
using System.Text.Json;

namespace AccountGrid.Domain.Tests;

public sealed class JsonInputTests
{
    private static readonly JsonSerializerOptions Options =
        new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    [Theory]
    [InlineData("""{"text":"a","list":[{"name":"b"}]}""")]
    [InlineData("""{"text":"a","list":[],"note":null,"day":"2026-03-01","at":"2026-03-01T00:00:00+08:00","count":-1,"share":1.5,"yes":true}""")]
    [InlineData("""{"text":"a","list":[],"at":"2026-03-01T00:00:00.123Z"}""")]
    public void What_is_right_passes(string json) => Assert.Null(Check(json));

    [Theory]
    [InlineData("""{"text":"a","list":[],"currency":"USD"}""", "request.member_unknown",
        "currency: there is no such member; known are text, list, note, day, at, count, share, yes.")]
    [InlineData("""{"text":"a","list":[],"cuont":1}""", "request.member_unknown",
        "cuont: there is no such member; did you mean count? known are text, list, note, day, at, count, share, yes.")]
    [InlineData("""{"text":"a","list":[{"name":"b","price":1}]}""", "request.member_unknown", "list[0].price: there is no such member; known are name.")]
    [InlineData("""{"text":"a","text":"b","list":[]}""", "request.member_duplicate", "text: the member is given twice; give it once.")]
    [InlineData("""{"text":"a","Text":"b","list":[]}""", "request.member_duplicate", "Text: the member is given twice; give it once.")]
    [InlineData("""{"list":[]}""", "request.member_missing", "text: the member is missing.")]
    [InlineData("""{"text":"a","list":[{}]}""", "request.member_missing", "list[0].name: the member is missing.")]
    [InlineData("""{"text":null,"list":[]}""", "request.value_invalid", "text: null is not a value; where none is meant, leave the member out.")]
    [InlineData("""{"text":"a","list":[null]}""", "request.value_invalid", "list[0]: null is not a value; where none is meant, leave the member out.")]
    [InlineData("""{"text":10,"list":[]}""", "request.value_invalid", "text: 10 is not a text in quotation marks.")]
    [InlineData("""{"text":"a","list":{}}""", "request.value_invalid", "list: {} is not a list.")]
    [InlineData("""{"text":"a","list":["b"]}""", "request.value_invalid", "list[0]: \"b\" is not an object.")]
    [InlineData("""{"text":"a","list":[],"count":"7"}""", "request.value_invalid", "count: \"7\" is not a whole number from -2147483648 to 2147483647.")]
    [InlineData("""{"text":"a","list":[],"count":99999999999999999999999}""", "request.value_invalid",
        "count: 99999999999999999999999 is not a whole number from -2147483648 to 2147483647.")]
    [InlineData("""{"text":"a","list":[],"count":1.5}""", "request.value_invalid", "count: 1.5 is not a whole number from -2147483648 to 2147483647.")]
    [InlineData("""{"text":"a","list":[],"share":1e400}""", "request.value_invalid", "share: 1e400 is not a number.")]
    [InlineData("""{"text":"a","list":[],"yes":"true"}""", "request.value_invalid", "yes: \"true\" is not true or false.")]
    [InlineData("""{"text":"a","list":[],"day":"01/03/2026"}""", "request.value_invalid", "day: \"01/03/2026\" is not a day such as 2026-03-01.")]
    [InlineData("""{"text":"a","list":[],"at":"2026-03-01T00:00:00"}""", "request.value_invalid",
        "at: \"2026-03-01T00:00:00\" is not an instant with its offset from UTC, such as 2026-03-01T00:00:00Z or 2026-03-01T08:00:00+08:00.")]
    [InlineData("""{"text":"a","list":[],"at":"2026-03-01"}""", "request.value_invalid",
        "at: \"2026-03-01\" is not an instant with its offset from UTC, such as 2026-03-01T00:00:00Z or 2026-03-01T08:00:00+08:00.")]
    [InlineData("null", "request.value_invalid", "body: null is not a value; where none is meant, leave the member out.")]
    [InlineData("[]", "request.value_invalid", "body: [] is not an object.")]
    public void What_is_not_is_named_with_what_would_be_right(string json, string code, string detail) =>
        Assert.Equal(new Refusal(RefusalCatalogue.Find(code), detail), Check(json));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"text\":\"a\"}}")]
    [InlineData("{\"text\":\"\\ud800\",\"list\":[]}")]
    [InlineData("{\"\\ud800\":1}")]
    public void What_is_no_json_is_refused(string json) => Assert.Equal("request.json_invalid", Check(json)!.Code);

    private static Refusal? Check(string json) => JsonInput.Check(Encoding.UTF8.GetBytes(json), typeof(Asked), Options);

    private sealed record Asked(string Text, IReadOnlyList<Item> List, string? Note = null, DateOnly? Day = null, DateTimeOffset? At = null, int Count = 0,
        decimal Share = 0, bool Yes = false);

    private sealed record Item(string Name);
}

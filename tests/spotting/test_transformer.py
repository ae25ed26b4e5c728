"""Attention and layers against torch's own, and the decoder against Conditional DETR written out."""

import pytest
import torch
from torch import Tensor, nn

from spotting.position import sine_code
from spotting.transformer import Attention, Decoder, DecoderLayer, Encoder, EncoderLayer, local_bias

WIDTH, HEADS = 16, 4


def torch_attention(
    layer: Attention, projections: tuple[nn.Linear, nn.Linear, nn.Linear]
) -> nn.MultiheadAttention:
    """`nn.MultiheadAttention` with our weights."""
    theirs = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([part.weight for part in projections]))
        theirs.in_proj_bias.copy_(torch.cat([part.bias for part in projections]))
        theirs.out_proj.load_state_dict(layer.out.state_dict())
    return theirs


def test_attention_equals_torchs() -> None:
    torch.manual_seed(0)
    ours = Attention(WIDTH, HEADS, 0.0)
    query, key, value = (nn.Linear(WIDTH, WIDTH) for _ in range(3))
    x, memory, bias = torch.randn(2, 5, WIDTH), torch.randn(2, 7, WIDTH), torch.randn(5, 7)
    theirs = torch_attention(ours, (query, key, value))
    expected, _ = theirs(x, memory, memory, attn_mask=bias)
    assert torch.allclose(ours(query(x), key(memory), value(memory), bias), expected, atol=1e-6)


def test_an_encoder_layer_equals_torchs_but_for_the_position_code() -> None:
    torch.manual_seed(1)
    ours = EncoderLayer(WIDTH, HEADS, 32, 0.0)
    theirs = nn.TransformerEncoderLayer(WIDTH, HEADS, 32, 0.0, batch_first=True)
    attention = torch_attention(ours.attention, (ours.query, ours.key, ours.value))
    theirs.self_attn.load_state_dict(attention.state_dict())
    theirs.linear1.load_state_dict(ours.feed_forward[0].state_dict())
    theirs.linear2.load_state_dict(ours.feed_forward[3].state_dict())
    x = torch.randn(2, 6, WIDTH)
    assert torch.allclose(ours(x, torch.zeros(6, WIDTH), None), theirs(x), atol=1e-5)


def heads_of(x: Tensor, head: int) -> Tensor:
    share = WIDTH // HEADS
    return x[..., head * share : (head + 1) * share]


@pytest.mark.parametrize("first", [True, False])
def test_cross_attention_concatenates_content_and_position_in_every_head(first: bool) -> None:
    torch.manual_seed(2)
    layer = DecoderLayer(WIDTH, HEADS, 32, 0.0, first=first)
    x, memory = torch.randn(1, 3, WIDTH), torch.randn(1, 5, WIDTH)
    place, sine, code = torch.randn(3, WIDTH), torch.randn(1, 3, WIDTH), torch.randn(5, WIDTH)
    after_self = layer.after_self(x, layer._attend_self(x, place))
    mixed = []
    for head in range(HEADS):
        content_query, content_key = layer.query(after_self), layer.key(memory)
        if first:
            assert layer.query_place is not None
            content_query, content_key = (
                content_query + layer.query_place(place),
                content_key + layer.key_sine(code),
            )
        products = heads_of(content_query, head) @ heads_of(content_key, head).transpose(1, 2)
        places = heads_of(layer.query_sine(sine), head) @ heads_of(layer.key_sine(code), head).transpose(0, 1)
        weights = ((products + places) / (2 * WIDTH // HEADS) ** 0.5).softmax(-1)
        mixed.append(weights @ heads_of(layer.value(memory), head))
    crossed = layer.after_cross(after_self, layer.attention.out(torch.cat(mixed, -1)))
    expected = layer.after_feed(crossed, layer.feed_forward(crossed))
    assert torch.allclose(layer(x, place, sine, memory, code, None), expected, atol=1e-5)


def test_self_attention_of_queries_equals_torchs_on_contents_and_places_projected_apart() -> None:
    """Projections of content and place, summed, are one projection of both put side by side."""
    torch.manual_seed(5)
    layer = DecoderLayer(WIDTH, HEADS, 32, 0.0, first=False)
    x, place = torch.randn(2, 5, WIDTH), torch.randn(5, WIDTH)
    both = torch.cat((x, place.expand_as(x)), dim=-1)
    theirs = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.eye(WIDTH).repeat(3, 1))
        theirs.in_proj_bias.zero_()
        theirs.out_proj.load_state_dict(layer.self_attention.out.state_dict())
        query, key = (
            both @ torch.cat((of_content.weight, of_place.weight), dim=1).T + of_content.bias + of_place.bias
            for of_content, of_place in (
                (layer.self_query, layer.self_query_place),
                (layer.self_key, layer.self_key_place),
            )
        )
        expected, _ = theirs(query, key, layer.self_value(x))
    assert torch.allclose(layer._attend_self(x, place), expected, atol=1e-5)


def test_only_the_first_decoder_layer_adds_places_to_contents() -> None:
    decoder = Decoder(3, WIDTH, HEADS, 32, 0.0, 0.0)
    assert [layer.query_place is not None for layer in decoder.layers] == [True, False, False]


def test_the_decoder_gives_every_layers_state_and_scales_the_sine_from_layer_two_on() -> None:
    torch.manual_seed(3)
    decoder = Decoder(2, WIDTH, HEADS, 32, 0.0, 0.0).eval()
    memory, references, places = (
        torch.randn(1, 8, WIDTH),
        torch.logit(torch.tensor([0.3, 0.6])),
        torch.randn(2, WIDTH),
    )
    code = sine_code(torch.arange(8), WIDTH)
    sine = sine_code(torch.tensor([0.3, 0.6]) * 8 - 0.5, WIDTH)
    first = decoder.layers[0](torch.zeros(1, 2, WIDTH), places, sine[None], memory, code, None)
    second = decoder.layers[1](first, places, sine * decoder.scale(first), memory, code, None)
    states = decoder(memory, references, places)
    assert states.shape == (2, 1, 2, WIDTH)
    assert torch.allclose(states, torch.stack([decoder.norm(first), decoder.norm(second)]), atol=1e-5)


def test_local_attention_keeps_to_its_own_time() -> None:
    frames = torch.arange(6.0)
    assert local_bias(frames, frames, 0.0) is None
    bias = local_bias(frames, frames, 2.0)
    assert bias is not None
    assert bias[1, 5].item() == -0.5 * 4
    assert bias.diag().tolist() == [0.0] * 6


def test_the_encoder_tells_frames_apart_by_their_position() -> None:
    torch.manual_seed(4)
    encoder = Encoder(1, WIDTH, HEADS, 32, 0.0, 1.0)
    same = torch.randn(1, 1, WIDTH).expand(1, 9, WIDTH)
    memory = encoder(torch.cat((same, torch.randn(1, 1, WIDTH)), dim=1))
    assert not torch.allclose(memory[0, 0], memory[0, 8], atol=1e-4)

// Fields that own their text, in the order in which they came.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace temps::proxy {

class FieldText {
 public:
  struct Field {
    std::string_view name;
    std::string_view value;
  };

  void add(std::string_view name, std::string_view value) {
    const auto name_at = text_.size();
    text_.append(name).append(value);
    places_.push_back({name_at, name_at + name.size(), text_.size()});
  }
  void clear() {
    text_.clear();
    places_.clear();
  }
  [[nodiscard]] std::size_t size() const { return places_.size(); }
  [[nodiscard]] std::size_t bytes() const { return text_.size(); }
  // Good until the next add().
  [[nodiscard]] Field operator[](std::size_t index) const [[clang::lifetimebound]] {
    const auto& place = places_[index];
    const std::string_view text = text_;
    return {text.substr(place.name, place.value - place.name),
            text.substr(place.value, place.end - place.value)};
  }

 private:
  struct Place {
    std::size_t name, value, end;
  };
  std::string text_;
  std::vector<Place> places_;
};

}  // namespace temps::proxy
